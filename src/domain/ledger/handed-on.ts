import type { BuildRecipe, StepRecipes } from '../config/recipe.ts'
import type { HandedOn } from './underway.ts'

/**
 * Returns the parts that a release hands on: from its recipe when it is deployed, from its deployment once it
 * serves.
 */
export const handedOn = ({
  preDeploy,
  checkCompatibility = null,
  build = null,
  readOnly = false,
  compatible = true,
}: Pick<StepRecipes, 'preDeploy' | 'checkCompatibility'> & {
  readonly build?: BuildRecipe | null
  readonly readOnly?: boolean
  readonly compatible?: boolean
}): HandedOn => ({
  preDeploy,
  checkCompatibility,
  build,
  ...(readOnly ? { readOnly } : {}),
  ...(compatible ? {} : { compatible }),
})
