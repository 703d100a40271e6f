"""YAML as people write it by hand: a text in, what it holds out, and nothing of it lost on the way.

YAML libraries take the last of two equal keys and drop the first without a word, and read 036 as 30, to base eight.
Here these are errors with their lines.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_INT = "tag:yaml.org,2002:int"
_MERGE = "tag:yaml.org,2002:merge"  # `<<` may stand more than once
_NOUGHT_FIRST = re.compile(r"([-+]?)0+([0-9_]+)")
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """A text is not YAML, says a thing twice, or holds a number that would be misread: ``problem`` in ``line`` (from 1;
    0 where that is not known).
    """

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(f"line {line}: {problem}" if line else problem)
        self.problem = problem
        self.line = line


class _Loader(_Safe):  # type: ignore[misc]
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                line = key.start_mark.line + 1
                if first := seen.get((key.tag, key.value)):
                    raise YamlError(f"the key `{key.value}` stands here again, first in line {first}; keep one", line)
                seen[key.tag, key.value] = line
        return super().construct_mapping(node, deep)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> Any:
        written = node.value
        if found := _NOUGHT_FIRST.fullmatch(written):
            plain = "".join(found.groups())
            problem = (
                f"{written} begins with 0, so YAML would read it to base eight; write {plain}, or '{written}' in quotes"
            )
            raise YamlError(problem, node.start_mark.line + 1)
        return super().construct_yaml_int(node)


_Loader.add_constructor(_INT, _Loader.construct_yaml_int)


def read_yaml(text: str) -> Any:
    """What ``text`` holds. Raises ``YamlError``."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"is not valid YAML: {error.problem or error.context}", mark.line + 1 if mark else 0) from None
    except yaml.reader.ReaderError as error:
        sign = int(error.character)
        line = text.count("\n", 0, text.find(chr(sign))) + 1  # its position may be one of bytes
        raise YamlError(
            f"holds the control character #x{sign:04x}, which YAML does not take; delete it", line
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise YamlError(f"is not valid YAML: {error}", 0) from None
