import type { DeclaredService } from '../../../domain/config/declared-service.ts'
import type { WholeServiceValue } from '../schema/whole-services.ts'
import { toService } from '../service.ts'
import type { Tree } from '../yaml/tree.ts'
import { toEngineService } from './engine-service.ts'

/** Reads a service of either way: over a fleet, or on an engine. */
export const toDeclaredService = (
  name: string,
  written: WholeServiceValue,
  tree: Tree | undefined,
): DeclaredService =>
  written.engine === undefined ? toService(name, written, tree) : toEngineService(name, written.engine)
