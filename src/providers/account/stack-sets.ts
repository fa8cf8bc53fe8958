/** Stack sets: an application has one, with a stack in each region of its environments. They are in the application's account
 *  and region, and used with the user's own rights. */
export interface StackSets {
  /** Undefined: there is none. */
  describe(name: string): Promise<StackSetDescription | undefined>;
  /** Creates the set, or updates it with all its stacks and follows that to its end. A set that is as wanted is left alone.
   *  Another operation on the set is waited for.
   *  @throws UserError stack-set/changed when the set became another one since it was described, so that `text` was made from
   *  what is old: describe it again; stack-set/failed with the first stack that failed and why, stack-set/busy, aws/* */
  deploy(
    set: StackSetToDeploy,
    signal: AbortSignal,
  ): AsyncGenerator<StackSetEvent, "created" | "updated" | "unchanged" | "interrupted", void>;
  /** Makes a stack of the set in a region, unless there is one that is up to date, and follows that.
   *  @throws UserError stack/not-found, stack-set/failed, stack-set/busy */
  addStack(place: StackSetPlace, signal: AbortSignal): AsyncGenerator<StackSetEvent, void, void>;
  /** Deletes the stack that the set has in a region, and follows that. One that is not there is no error.
   *  @throws UserError stack-set/failed, stack-set/busy */
  removeStack(place: StackSetPlace, signal: AbortSignal): AsyncGenerator<StackSetEvent, void, void>;
  /** None when there is no such set. */
  listStacks(name: string): Promise<StackOfSet[]>;
  /** Deletes the set with all its stacks. One that is not there is no error.
   *  @throws UserError stack-set/failed, stack-set/busy */
  delete(name: string, signal: AbortSignal): AsyncGenerator<StackSetEvent, void, void>;
}

export interface StackSetDescription {
  name: string;
  /** Its template's text. */
  text: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  administrationRoleArn?: string;
  executionRoleName?: string;
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
  /** The bucket that a template of more than 51,200 bytes is put into, and its region. */
  bucket?: { name: string; region: string };
}

export interface StackSetPlace {
  name: string;
  account: string;
  region: string;
}

export interface StackOfSet extends StackSetPlace {
  /** Absent: the stack could not be made. */
  stackId?: string;
  /** `CURRENT`, `OUTDATED`, `INOPERABLE` */
  status: string;
  reason?: string;
}

export type StackSetEvent =
  /** Somebody else's operation on the set, or one of ours that was interrupted, has to end first. */
  | { type: "stack-set-busy"; stackSet: string; operationId: string }
  | {
      type: "stack-set-started";
      stackSet: string;
      action: "create" | "update" | "add" | "remove" | "delete";
      regions: string[];
      at: string;
    }
  | {
      type: "stack-set-finished";
      stackSet: string;
      action: "create" | "update" | "add" | "remove" | "delete";
      at: string;
    };
