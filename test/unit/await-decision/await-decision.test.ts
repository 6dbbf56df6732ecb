import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

const approve = (evidence: string) => ({ decision: 'approve', reason: 'looks right', evidence })

async function opened() {
  const world = new GateWorld()
  const { gate, evidence } = await world.judge()
  const token = await world.enter(gate)
  return { world, gate, evidence, token }
}

describe('asking', () => {
  test('each approver gets one mail with a link of their own, and only its hash is stored', async () => {
    const world = new GateWorld()
    world.approvers.steward = ['one@example.com', 'two@example.com']
    const { gate } = await world.judge()
    await world.enter(gate)
    expect(world.notifier.approverMails.map(({ address }) => address)).toEqual([
      'one@example.com',
      'two@example.com',
    ])
    const links = ['one@example.com', 'two@example.com'].map((address) => world.link(1, address))
    expect(new Set(links).size).toBe(2)
    const stored = JSON.stringify([...world.gates.capabilities, ...world.gates.gates])
    for (const link of links) {
      expect(stored).not.toContain(link)
      expect(await world.gates.capability(sha256(link))).toMatchObject({ gate, opening: 1 })
    }
  })

  test('a gate without an address for its role is refused by name', async () => {
    const world = new GateWorld()
    world.approvers.steward = []
    const { gate } = await world.judge()
    await expect(world.enter(gate)).rejects.toMatchObject({ name: 'ApproverMissing' })
  })

  test('a crash between the capability and the mail sends the mail again', async () => {
    const world = new GateWorld()
    const { gate, evidence } = await world.judge()
    world.notifier.beforeMail = () => {
      throw new Error('SNS is away')
    }
    await expect(world.enter(gate)).rejects.toThrow('SNS is away')
    expect(world.gates.capabilities.size).toBe(1)
    expect((await world.theGate(gate)).taskToken).toBe('token-1')
    world.notifier.beforeMail = () => undefined
    const token = await world.enter(gate)
    expect(world.notifier.approverMails).toHaveLength(1)
    expect(world.notifier.approverMails[0]?.subject).toBe(
      'Lockgate [pass] to decide: places / cities / pilot',
    )
    await world.decide(world.link(), approve(evidence))
    expect(world.executions.answers).toEqual([{ taskToken: token, answer: { gate, decision: 'approve' } }])
  })

  test('it reminds when the interval is over and not before, and earlier links stay good', async () => {
    const { world, gate, evidence, token } = await opened()
    world.clock.time += hour
    const second = await world.enterAgain(gate, token)
    expect(world.notifier.approverMails).toHaveLength(1)
    world.clock.time += 23 * hour
    await world.enterAgain(gate, second)
    expect(world.notifier.approverMails).toHaveLength(2)
    expect(world.notifier.approverMails[1]?.subject).toContain('reminder')
    expect(world.link(1)).not.toBe(world.link(2))
    const { gate: decided } = await world.decide(world.link(2), approve(evidence))
    expect(decided?.status).toBe('approved')
  })

  test('altered evidence is mailed to nobody, and the next run measures the stage again, before the same gate', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.evidence.put((await world.theGate(gate)).evidenceKey, Buffer.from('{}'))
    await expect(world.enter(gate)).rejects.toMatchObject({
      name: 'EvidenceAltered',
      message: expect.stringContaining('start the migration again') as string,
    })
    expect(world.notifier.approverMails).toHaveLength(0)
    expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status: 'running' })

    world.begin('run-2')
    const again = await world.judge()
    expect(again.gate).toBe(gate)
    await world.enter(gate)
    await world.decide(world.link(), approve(again.evidence))
    await expect(world.act(gate)).resolves.toEqual({ status: 'passed' })
  })

  test('altered evidence that is put back lets the redriven run go on at its gate', async () => {
    const world = new GateWorld()
    const { gate, evidence } = await world.judge()
    const { evidenceKey } = await world.theGate(gate)
    const kept = (await world.evidence.get(evidenceKey)) ?? new Uint8Array()
    world.evidence.objects.delete(evidenceKey)
    await expect(world.enter(gate)).rejects.toMatchObject({ name: 'EvidenceAltered' })
    await world.evidence.put(evidenceKey, kept)
    await world.enter(gate)
    await world.decide(world.link(), approve(evidence))
    await expect(world.act(gate)).resolves.toEqual({ status: 'passed' })
  })

  test('a run that is over does not send back what a later run has measured', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    const old = world.run
    world.begin('run-2')
    await world.judge()
    const { evidenceKey } = await world.theGate(gate)
    await world.evidence.put(evidenceKey, Buffer.from('{}'))
    world.run = old
    await expect(world.enter(gate)).rejects.toMatchObject({ name: 'LockLost' })
    expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status: 'judged' })
  })
})

describe('a gate that cannot be passed', () => {
  const wrong = { batches: { total: 2, done: 1, failed: 1, unfinished: 0 } }

  test.each(['hold', 'repair'] as const)(
    'after %s, what the next run measures opens it anew, and can be approved',
    async (decision) => {
      const world = new GateWorld()
      const { gate, evidence, verdict } = await world.judge(wrong)
      expect(verdict).toBe('fail')
      await world.enter(gate)
      const text = world.notifier.approverMails.at(-1)?.text
      expect(text?.match(/takes up failed batches, compares again/g)).toHaveLength(2)
      expect(text).not.toContain('comes back to this gate')
      await world.decide(world.link(), { decision, reason: 'to be mended', evidence })
      await world.act(gate)

      world.begin('run-2')
      const again = await world.judge()
      expect(again).toMatchObject({ gate, verdict: 'pass' })
      expect(await world.theGate(gate)).toMatchObject({
        status: 'open',
        opening: 2,
        evidence: again.evidence,
      })
      await world.enter(gate)
      expect(world.notifier.approverMails.at(-1)?.text).toContain('comes back to this gate')
      await world.decide(world.link(), approve(again.evidence))
      await expect(world.act(gate)).resolves.toEqual({ status: 'passed' })
    },
  )
})

describe('the token is only a bell', () => {
  test('with two tokens for one gate the newest is rung', async () => {
    const { world, gate, evidence } = await opened()
    const second = await world.enter(gate)
    await world.decide(world.link(), approve(evidence))
    expect(world.executions.answers.map(({ taskToken }) => taskToken)).toEqual([second])
  })

  test('a decision whose bell was not heard is answered when the state is entered again', async () => {
    const { world, gate, evidence, token } = await opened()
    world.executions.beforeAnswer = () => {
      throw new Error('crashed between recording and answering')
    }
    const { bell } = await world.decide(world.link(), approve(evidence))
    expect(bell).toBeInstanceOf(Error)
    expect((await world.theGate(gate)).status).toBe('approved')
    world.executions.beforeAnswer = () => undefined
    const second = await world.enterAgain(gate, token)
    expect(world.executions.answers).toEqual([{ taskToken: second, answer: { gate, decision: 'approve' } }])
    expect(world.notifier.approverMails).toHaveLength(1)
  })

  test('a decision that falls between reading the gate and storing the token is answered at once', async () => {
    const { world, gate, evidence, token } = await opened()
    world.executions.waiting.delete(token)
    world.gates.beforeWrite = async () => {
      world.gates.beforeWrite = () => undefined
      expect((await world.decide(world.link(), approve(evidence))).bell).toBe('stale')
    }
    const second = await world.enter(gate)
    expect(world.executions.answers).toEqual([{ taskToken: second, answer: { gate, decision: 'approve' } }])
  })
})

describe('expiry', () => {
  test('an undecided gate holds the run, and says so', async () => {
    const { world, gate, token } = await opened()
    world.clock.time += 72 * hour
    const last = await world.enterAgain(gate, token)
    expect(world.executions.answers).toEqual([{ taskToken: last, answer: { gate, decision: 'hold' } }])
    const held = await world.theGate(gate)
    expect(held.status).toBe('held')
    expect(held.decisions).toMatchObject([{ decision: 'hold', address: 'lockgate' }])
    await expect(world.show(world.link())).rejects.toMatchObject({ name: 'GateClosed' })
    await expect(world.act(gate)).resolves.toEqual({ status: 'held' })
  })

  test('the same run finds the gate held; the next run opens it anew, and old links stay shut', async () => {
    const { world, gate, evidence, token } = await opened()
    const old = world.link()
    await world.decide(old, { decision: 'hold', reason: 'after the holidays', evidence })
    await world.enterAgain(gate, token)
    expect((await world.theGate(gate)).opening).toBe(1)

    world.begin('run-2')
    world.clock.time += hour
    await world.enter(gate)
    expect(await world.theGate(gate)).toMatchObject({ status: 'open', opening: 2, run: 'run-2' })
    expect(world.notifier.approverMails).toHaveLength(2)
    await expect(world.show(old)).rejects.toMatchObject({ name: 'GateClosed' })
    await expect(world.decide(old, approve(evidence))).rejects.toMatchObject({ name: 'GateClosed' })
    expect((await world.decide(world.link(), approve(evidence))).gate?.status).toBe('approved')
    await expect(world.act(gate)).resolves.toEqual({ status: 'passed' })
  })

  test('a later run that comes to a gate that expired meanwhile opens it anew', async () => {
    const { world, gate } = await opened()
    world.clock.time += 100 * hour
    world.begin('run-2')
    await world.enter(gate)
    expect(await world.theGate(gate)).toMatchObject({ status: 'open', opening: 2 })
    expect(world.executions.answers).toEqual([])
  })

  test('a run that takes over an open gate is the one for which it is held', async () => {
    const { world, gate, evidence } = await opened()
    world.begin('run-2')
    const token = await world.enter(gate)
    world.executions.waiting.delete(token)
    await world.decide(world.link(), { decision: 'hold', reason: 'not today', evidence })
    const last = await world.enter(gate)
    expect(world.executions.answers).toEqual([{ taskToken: last, answer: { gate, decision: 'hold' } }])
  })
})
