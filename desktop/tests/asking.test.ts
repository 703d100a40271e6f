import { describe, expect, it } from 'vitest'
import { due, restOf, standing, why } from '../src/asking'
import { apply, emptyCall, type CallState } from '../src/call'
import { stand } from '../src/dispatch'
import type { Dispatch, Question } from '../src/messages'
import type { LoggedEvent } from '../src/wire'

const WHEN: Question = { slot: 'occurred_at', text: '请问是什么时候发生的？' }
const NAME: Question = { slot: 'caller_name', text: '请问您怎么称呼？' }
const WHICH: Question = {
  slot: 'template',
  text: '请问您说的是“甲”，还是“乙”？',
  options: [
    { value: 'A', label: '甲' },
    { value: 'B', label: '乙' },
  ],
}
const UNIT: Dispatch = { unit: '市水务局', confidence: 0.6, decision: 'ask', question: '请问这件事发生在哪个区？' }

function call(...events: LoggedEvent['event'][]): CallState {
  return events.reduce((state, event) => apply(state, { call: 'c', seq: state.seq + 1, at: 0, event }), emptyCall('c'))
}
const asks = (...questions: Question[]): LoggedEvent['event'] => ({ type: 'questions.due', questions })
const suggests = (dispatch: Dispatch): LoggedEvent['event'] => ({ type: 'dispatch.suggested', dispatch })
const edits = (slot: string): LoggedEvent['event'] => ({ type: 'agent.edited', command: slot, slot, value: 'x' })

describe('what is due', () => {
  it('ends with what would decide the unit', () => {
    const found = due(call(asks(WHEN, NAME), suggests(UNIT)))
    expect(found.map(({ slot }) => slot)).toEqual(['occurred_at', 'caller_name', 'department'])
    expect(found.map(why)).toEqual(['slot', 'slot', 'department'])
  })

  it('has no second question where the like is asked anyway, or where the agent decided the unit', () => {
    expect(due(call(asks(WHICH), suggests(UNIT)))).toEqual([WHICH])
    expect(due(call(asks(WHEN), suggests(UNIT), edits('department')))).toEqual([WHEN])
    expect(due(call(asks(WHEN), suggests({ ...UNIT, decision: 'suggest' })))).toEqual([WHEN])
  })

  it('leaves out what the agent filled', () => {
    expect(due(call(asks(WHEN, NAME), edits('occurred_at')))).toEqual([NAME])
  })
})

describe('the question that stands', () => {
  it('stays while it is read, though another has become more useful, and then makes way', () => {
    const first = standing(null, [WHEN, NAME], 0)
    expect(first?.question).toBe(WHEN)
    const better = [WHICH, WHEN]
    expect(standing(first, better, 1_000)?.question).toBe(WHEN)
    expect(restOf(standing(first, better, 1_000), better, 1_000)).toBe(3_000)
    expect(standing(first, better, 4_000)?.question).toBe(WHICH)
  })

  it('makes way at once when it is answered', () => {
    expect(standing(standing(null, [WHEN, NAME], 0), [NAME], 500)).toEqual({ question: NAME, since: 500 })
    expect(standing(standing(null, [WHEN], 0), [], 500)).toBeNull()
  })

  it('is the same one when it is told again, and waits for nothing', () => {
    const told = [{ ...WHEN }]
    const current = standing({ question: WHEN, since: 7 }, told, 9_000)
    expect(current).toEqual({ question: WHEN, since: 7 })
    expect(restOf(current, told, 9_000)).toBeNull()
  })
})

describe('how far the unit can be relied on', () => {
  it.each([
    [{ ...UNIT, decision: 'suggest', certified: 0.0181 }, 'certified'],
    [{ ...UNIT, decision: 'suggest', certified: null }, 'check'],
    [UNIT, 'ask'],
    [{ ...UNIT, decision: 'abstain' }, 'abstain'],
  ] as const)('is one of the steps of the wire', (dispatch, expected) => {
    expect(stand(call(suggests(dispatch)))).toBe(expected)
  })

  it('is nothing before anything was heard, and the agent’s once the agent decided', () => {
    expect(stand(call())).toBe('none')
    expect(stand(call(suggests(UNIT), edits('department')))).toBe('human')
  })
})
