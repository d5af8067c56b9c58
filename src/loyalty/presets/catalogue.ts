import { type LoadedProgramme, parseProgramme } from '#loyalty/parse-programme.ts';
import type { ProgrammeProblem } from '#loyalty/programme-check.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { genericCatalogue } from './catalogue-generic.ts';
import { offerCatalogue } from './catalogue-offers.ts';
import { boutiqueCatalogue, namedCatalogue } from './catalogue-named.ts';
import {
  type CataloguePreset,
  type KnobProblem,
  type KnobValues,
  type PresetProduct,
  type PresetShop,
  turnKnobs,
} from './preset-knobs.ts';

/** Every preset set-up offers; the small shop's own comes first. */
export const catalogue: readonly CataloguePreset[] = [
  boutiqueCatalogue,
  ...genericCatalogue,
  ...offerCatalogue,
  ...namedCatalogue,
];

/** A preset by its id. */
export function presetById(id: string): CataloguePreset | null {
  return catalogue.find((preset) => preset.id === id) ?? null;
}

/** What a shop chose: a preset and where its knobs stand. */
export interface PresetChoice {
  readonly preset: string;
  readonly knobs: KnobValues;
}

/** A choice that works: programmes to run, goods they need, and what their owner should know. */
export interface FittedProgrammes {
  readonly programmes: readonly LoadedProgramme['programme'][];
  readonly products: readonly PresetProduct[];
  readonly warnings: readonly ProgrammeProblem[];
}

/** Why a choice is refused: a knob, or a programme that contradicts itself (path and fix). */
export type ChoiceProblem =
  | { readonly code: 'preset-unknown' }
  | KnobProblem
  | ({ readonly code: 'programme-wrong' } & ProgrammeProblem);

/**
 * Fits a choice to a shop.
 *
 * Nothing is half-loaded: either all programmes of the preset are right, or every problem is told.
 */
export function fitChoice(
  choice: PresetChoice,
  shop: PresetShop,
): Result<FittedProgrammes, readonly ChoiceProblem[]> {
  const preset = presetById(choice.preset);
  if (preset === null) return err([{ code: 'preset-unknown' }]);
  const turned = turnKnobs(preset, choice.knobs);
  if (!turned.ok) return turned;
  const { documents, products } = preset.fit(shop, turned.value);
  const loaded: LoadedProgramme[] = [];
  const problems: ChoiceProblem[] = [];
  for (const document of documents) {
    const parsed = parseProgramme(document);
    if (parsed.ok) loaded.push(parsed.value);
    else
      problems.push(...parsed.error.map((each) => ({ code: 'programme-wrong' as const, ...each })));
  }
  if (problems.length > 0) return err(problems);
  return ok({
    programmes: loaded.map(({ programme }) => programme),
    products,
    warnings: loaded.flatMap(({ warnings }) => warnings),
  });
}
