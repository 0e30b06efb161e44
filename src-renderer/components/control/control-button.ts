/** One thing that a person can ask of a run or a search. */
export interface ControlButton {
  id: string;
  label: string;
  icon: string;
  /** Said after it worked. */
  done: string;
}
