/** Whether CloudFormation works on the stack. A stack under review waits for somebody to execute a change set. */
export function isBusy(status: string): boolean {
  return status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
}

/** What is left of a creation that never came to be: such a stack can only be deleted.
 *  Source: CloudFormation user guide, "Stack status codes". */
export function isLeftover(status: string): boolean {
  return status === "ROLLBACK_COMPLETE" || status === "ROLLBACK_FAILED";
}

/** Whether there is anything of a stack: it was created, or is being. */
export function hasCome(status: string): boolean {
  return !isLeftover(status) && status !== "REVIEW_IN_PROGRESS";
}

/** Whether what failed was left as it is, so that its parameters may say what is not there. */
export function isHalfDone(status: string): boolean {
  return status === "CREATE_FAILED" || status === "UPDATE_FAILED";
}

export function isDone(status: string): boolean {
  return status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE" || status === "IMPORT_COMPLETE";
}

/** What the events of a stack call the stack itself, and those nested in it. */
export const stackType = "AWS::CloudFormation::Stack";
