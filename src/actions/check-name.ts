export { nameProblem } from "../workspace/names.ts";
