"""A catalogue of a few templates, written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def template(code: str, title: str, **changes: Any) -> dict[str, Any]:
    """A template's entry, good unless ``changes`` make it bad."""
    return {
        "code": code,
        "title": title,
        "request_type": "投诉",
        "when": f"{title}，影响来电人的正常生活。",
        "phrasings": [f"我家这边{title}，都快一个月了", f"天天这样，{title[:4]}搞得我们没法休息"],
        "keywords": [title[:2]],
        "required": ["district", "address"],
        "optional": ["subject", "duration"],
        "record": "来电人反映{address}有{subject}，要求{demand}。",
        "unit": "市城市管理综合执法局",
        "unit_alternatives": ["district"],
        **changes,
    }


BARBECUE = template(
    "CG01-001",
    "夜间占道烧烤油烟扰民",
    phrasings=["楼下有一档烧烤摆在人行道上，半夜还在烤", "那个烧烤摊的油烟直往我家窗户里灌"],
    keywords=["烧烤", "占道", "油烟"],
    required=["district", "street", "address", "occurred_at"],
    optional=["subject", "duration"],
    asks={"occurred_at": "请问一般几点出摊、几点收摊？"},
)
STALLS = template(
    "CG01-002",
    "流动水果摊占道摆卖",
    phrasings=["三轮车推着水果在路口卖，人都走不过去", "卖菜的小贩把人行道占满了"],
    keywords=["水果", "小贩", "摆卖"],
)
LIFT = template(
    "WY01-001",
    "小区电梯故障停运多日",
    phrasings=["我们楼的电梯坏了一个礼拜，物业不修", "升降机停了，老人家只能爬楼梯"],
    keywords=["电梯", "物业", "升降机"],
    required=["district", "address", "duration"],
    optional=["subject"],
    unit="district",
    unit_alternatives=["市住建局"],
)
POOL = template(
    "WY02-001",
    "咨询物业费收费标准",
    request_type="咨询",
    phrasings=["我想问一下物业费是按什么标准收的", "物业费涨价要不要业主同意的"],
    keywords=["物业费", "收费标准"],
    required=["district"],
    optional=["address", "subject"],
    unit="市住建局",
    unit_alternatives=["district"],
)


def write(folder: Path, templates: list[dict[str, Any]] | None = None) -> Path:
    """Writes a catalogue of ``templates`` (by default four good ones) with the reference rules, slots and units."""
    folder.mkdir(exist_ok=True)
    (folder / "templates").mkdir()
    for name in ("catalogue.yaml", "slots.yaml", "units.yaml", "rules", "places", "lexicon.txt"):
        (folder / name).symlink_to(ROOT / "catalog" / name)
    domains = [{"code": "CG", "name": "城市管理"}, {"code": "WY", "name": "物业管理"}]
    (folder / "domains.yaml").write_text(yaml.safe_dump(domains, allow_unicode=True), encoding="utf-8")
    entries = templates if templates is not None else [BARBECUE, STALLS, LIFT, POOL]
    for domain in ("CG", "WY"):
        matters: dict[str, list[dict[str, Any]]] = {}
        for entry in entries:
            if entry["code"].startswith(domain):
                matters.setdefault(entry["code"][:4], []).append(entry)
        listed = [{"code": code, "name": f"事项{code}", "templates": part} for code, part in matters.items()]
        group = {"code": f"{domain}A", "name": "分组", "domain": domain, "matters": listed}
        text = yaml.safe_dump(group, allow_unicode=True, sort_keys=False)
        (folder / "templates" / domain).mkdir()
        (folder / "templates" / domain / f"{domain}A.yaml").write_text(text, encoding="utf-8")
    return folder
