import { z } from 'zod'
import { forecast } from './evidence.ts'
import { stageProfile } from './profile/stage-profile.ts'

/** What a rehearsal saw, for the stages after it and the next rehearsal to be compared with. */
export const rehearsal = z.object({
  manifest: z.string(),
  fingerprint: z.string(),
  profile: stageProfile,
  /** Quarantined records by reason. */
  quarantined: z.record(z.string(), z.int().nonnegative()),
  forecast,
})
export type Rehearsal = z.infer<typeof rehearsal>
