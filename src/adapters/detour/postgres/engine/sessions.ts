import { type DatabaseSession, sessionName } from './session.ts'

/**
 * Sessions of applications, in every database: those of the engine and of this detour are none. The name of another detour
 * may begin with that of this one.
 */
const applications = `FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND NOT starts_with(coalesce(application_name, '') || ' ', $1 || ' ')`

export async function countSessions(on: DatabaseSession, id: string): Promise<number> {
  return Number((await on.row(`SELECT count(*) AS sessions ${applications}`, [sessionName(id)])).sessions)
}

export const endSessions = async (on: DatabaseSession, id: string): Promise<void> =>
  void (await on.rows(`SELECT pg_terminate_backend(pid) ${applications}`, [sessionName(id)]))
