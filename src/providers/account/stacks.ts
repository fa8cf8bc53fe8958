/** Stacks of CloudFormation. Where one is not the account's own, it says so. */
export interface Stacks {
  /** Undefined: there is none, or it has been deleted. */
  describe(name: string, where: StackPlace): Promise<StackDescription | undefined>;
  /** The template as it was given, as text. @throws UserError stack/not-found */
  template(name: string, where: StackPlace): Promise<string>;
  /** Physical ids and types by logical ID. */
  resources(name: string, where: StackPlace): Promise<Record<string, StackResourceDescription>>;
  /** Whether a resource is still what the stack's template and parameters make of it, as CloudFormation sees it now.
   *  @throws UserError stack/not-found when there is no such stack or resource */
  drift(name: string, logicalId: string, where: StackPlace): Promise<ResourceDrift>;
  /** The stacks with all of these tags, those that are nested left out. */
  listByTags(tags: Readonly<Record<string, string>>, where: StackPlace): Promise<StackDescription[]>;
  /** Creates the stack or updates it through a change set, and follows that to its end. Nothing to change is a result. A
   *  stack of which somebody has once begun to create and that never came to be is removed first.
   *  When the signal aborts, what CloudFormation has begun goes on.
   *  @throws UserError stack/busy, stack/failed, stack/rollback-failed, stack/refused, aws/*; stack/priority-taken where a rule of a
   *  listener was given a priority that another one has meanwhile */
  deploy(stack: StackToDeploy, signal: AbortSignal): AsyncGenerator<StackEvent, StackOutcome, void>;
  /** Deletes a stack and follows that. One that is not there is no error. @throws UserError stack/delete-failed */
  delete(stack: StackToDelete, signal: AbortSignal): AsyncGenerator<StackEvent, void, void>;
  /** Goes on with the rollback of an update, which CloudFormation has given up (UPDATE_ROLLBACK_FAILED), and follows that.
   *  @throws UserError stack/not-found, stack/refused when it is in no such state, stack/rollback-failed when it fails again */
  continueRollback(
    stack: StackToRollBack,
    signal: AbortSignal,
  ): AsyncGenerator<StackEvent, { outcome: "rolled-back" | "interrupted"; stack?: StackDescription }, void>;
}

/** Where a stack is, and with whose rights it is asked for. Absent: the account and region of the credentials. */
export interface StackPlace {
  region?: string;
  /** A role to take on for it: the environment's manager role. */
  managerRoleArn?: string;
}

export interface StackToDeploy {
  name: string;
  /** The template's text; absent: the one that is deployed. */
  text?: string;
  /** The stack as it was described a moment ago, which saves asking. */
  known?: StackDescription;
  /** All that the template declares and that has no default. */
  parameters: Readonly<Record<string, string>>;
  /** Those of the deployed stack that are not given stay: so it is with the deployed template, unless it is said. */
  keepsParameters?: boolean;
  tags: Readonly<Record<string, string>>;
  where: StackPlace;
  /** The role that CloudFormation works with: the environment's execution role. */
  executionRoleArn?: string;
  /** The bucket that a template of more than 51,200 bytes is put into. */
  bucket?: string;
  /** Somebody else's operation on the stack: wait until it has ended, or refuse (the default). */
  whenBusy?: "wait" | "refuse";
  /** Leave what failed as it is. */
  noRollback?: boolean;
  /** Return as soon as CloudFormation has begun. */
  detach?: boolean;
}

export interface StackToRollBack {
  name: string;
  where: StackPlace;
  executionRoleArn?: string;
  /** Logical IDs of resources that hold the rollback up and are to be left as they are; `Stack.Resource` in a nested one. */
  skip?: readonly string[];
}

export interface StackToDelete {
  name: string;
  where: StackPlace;
  executionRoleArn?: string;
  /** Logical IDs of resources to leave where they are; only after a deletion has failed. */
  retain?: readonly string[];
}

export type StackEvent =
  /** Somebody else works on the stack, and we wait. */
  | { type: "stack-busy"; stack: string; status: string; since: string }
  | { type: "stack-started"; stack: string; action: "create" | "update" | "delete"; at: string }
  /** One of CloudFormation's own events, in their order, each once. */
  | StackResourceEvent;

export interface StackResourceEvent extends ResourceEvent {
  type: "stack-resource";
  stack: string;
}

export interface ResourceEvent {
  at: string;
  logicalId: string;
  physicalId?: string;
  /** `AWS::ECS::Service` */
  resourceType: string;
  /** `UPDATE_COMPLETE` */
  status: string;
  reason?: string;
}

/** `detached`: begun and not followed. `interrupted`: the signal aborted. */
export interface StackOutcome {
  outcome: "created" | "updated" | "unchanged" | "detached" | "interrupted";
  /** Interrupted after CloudFormation had begun: it goes on. Absent: nothing was begun. */
  goesOn?: true;
  /** Absent when it was not followed to its end. */
  stack?: StackDescription;
}

export interface StackDescription {
  name: string;
  id: string;
  /** `UPDATE_COMPLETE` */
  status: string;
  statusReason?: string;
  parameters: Record<string, string>;
  outputs: Record<string, string>;
  tags: Record<string, string>;
  createdAt: string;
  updatedAt?: string;
  /** The role that CloudFormation works with. */
  roleArn?: string;
}

export interface ResourceDrift {
  /** `unknown`: CloudFormation cannot tell for this type. */
  drift: "none" | "modified" | "deleted" | "unknown";
  /** Properties that differ, as JSON pointers with what is expected and what is there. */
  differences: { path: string; expected: string; actual: string }[];
}

export interface StackResourceDescription {
  physicalId: string;
  type: string;
  status: string;
}
