import { Refused, type Script } from "../script.ts";

interface Options {
  stack: string;
  /** `UPDATE_IN_PROGRESS` */
  status: string;
  /** How often it is refused; then the emulator answers. */
  times: number;
}

/** A stack that somebody else is updating: a change set can be made for it, and not be executed; an update and a deletion
 *  are refused. */
export function busyStack({ stack, status, times }: Options): Script {
  const id = `arn:aws:cloudformation:us-west-2:123456789012:stack/${stack}/51af3dc0-da77-11e4-872e-1234567db123`;
  const isMeant = ({ StackName, ChangeSetName }: Record<string, unknown>) =>
    [StackName, ChangeSetName].some((name) => name === stack || String(name).includes(`/${stack}/`));
  let left = times;
  const refuse = (input: Record<string, unknown>) =>
    isMeant(input) && left-- > 0
      ? new Refused("ValidationError", `Stack:${id} is in ${status} state and can not be updated.`)
      : undefined;
  return {
    source:
      "AWS CloudFormation User Guide, 'Troubleshooting CloudFormation'; messages as public logs of the AWS CLI show them",
    answers: {
      "cloudformation:CreateChangeSet": refuse,
      "cloudformation:ExecuteChangeSet": refuse,
      "cloudformation:UpdateStack": refuse,
      "cloudformation:DeleteStack": refuse,
    },
  };
}
