import { detourDatabaseContract } from '../contracts/detour-database.contract.ts'
import { detourDoorContract } from '../contracts/detour-door.contract.ts'
import { createMemoryDetour } from '../fakes/memory-detour.ts'

detourDatabaseContract('the fake', async () => {
  const detour = createMemoryDetour()
  const { state, database } = detour
  return {
    ...{ database, variables: {} },
    write: async (side) => detour.write(side),
    rows: async (side) => state.rows[side],
    async lose() {
      state.fence = null
      return database
    },
    async enter() {
      state.sessions['stand-in'] += 1
      return async () => {
        state.sessions['stand-in'] -= 1
      }
    },
  }
})

detourDoorContract('the fake', async () => {
  const { state, door } = createMemoryDetour()
  return {
    ...{ door, variables: {} },
    visit: async () => state.marker,
    async reload() {
      Object.assign(state, { memory: state.file, marker: state.file })
    },
    async moveMemory(side) {
      Object.assign(state, { memory: side, marker: side })
    },
  }
})
