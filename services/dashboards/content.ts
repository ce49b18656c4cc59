import type { WidgetSlot } from "./answers.ts";
import type { Answer, Question } from "./reads.ts";

type Filled<Slot> = Slot extends WidgetSlot
  ? Pick<Slot, "type" | "reason" | "meta"> & { data: NonNullable<Slot["data"]> }
  : never;

/** What a widget has to show; with a reason where that is nothing. */
export type Content = Filled<WidgetSlot>;

/** A widget that knows what to read, or what else to do. */
export type Prepared =
  | { by: "reads"; reads: readonly Question[]; show(answers: readonly Answer[]): Content }
  | { by: "work"; work(): Promise<Content> };
