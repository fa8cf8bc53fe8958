/** Stack sets: an application has one, with a stack in each region of its environments. They are in the application's account
 *  and region, and used with the user's own rights. */
export interface StackSets {
  /** Undefined: there is none. */
  describe(name: string): Promise<StackSetDescription | undefined>;
  /** Creates the set, or updates it with all its stacks and follows that to its end. A set that is as wanted is left alone.
   *  Another operation on the set is waited for.
   *  @throws UserError stack-set/changed when the set became another one since it was described, so that `text` was made from
   *  what is old: describe it again; stack-set/failed with the first stack that failed and why; aws/* */
  deploy(
    set: StackSetToDeploy,
    signal: AbortSignal,
  ): AsyncGenerator<StackSetEvent, "created" | "updated" | "unchanged", void>;
  /** Makes a stack of the set in a region, unless there is one, and follows that. */
  addStack(place: StackSetPlace, signal: AbortSignal): AsyncGenerator<StackSetEvent, void, void>;
  listStacks(name: string): Promise<StackSetPlace[]>;
  /** Deletes the set with all its stacks. One that is not there is no error. @throws UserError stack-set/failed */
  delete(name: string, signal: AbortSignal): AsyncGenerator<StackSetEvent, void, void>;
}

export interface StackSetDescription {
  name: string;
  /** Its template's text. */
  text: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
}

export interface StackSetToDeploy {
  name: string;
  text: string;
  parameters: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  administrationRoleArn: string;
  executionRoleName: string;
  /** Id of the operation: nobody can begin two of one id. Copilot takes the version that the template's metadata bears. */
  operationId: string;
}

export interface StackSetPlace {
  name: string;
  account: string;
  region: string;
}

export type StackSetEvent =
  | {
      type: "stack-set-started";
      stackSet: string;
      action: "create" | "update" | "add" | "delete";
      regions: string[];
      at: string;
    }
  | { type: "stack-set-finished"; stackSet: string; action: "create" | "update" | "add" | "delete"; at: string };
