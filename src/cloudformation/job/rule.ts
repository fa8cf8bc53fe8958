import type { ScheduledJobPlan } from "../../plan/scheduled-job-plan.ts";
import { getAtt, ref } from "../intrinsics.ts";
import { assumedBy } from "../service/roles.ts";
import type { Resource } from "../template.ts";

/** What starts the state machine at the set times. */
export function rule({ schedule: { expression, isEnabled } }: ScheduledJobPlan): Resource {
  return {
    Metadata: { "aws:copilot:description": "A CloudWatch event rule to trigger the job's state machine" },
    Type: "AWS::Events::Rule",
    Properties: {
      ScheduleExpression: isEnabled ? ref("Schedule") : expression,
      State: isEnabled ? "ENABLED" : "DISABLED",
      Targets: [{ Arn: ref("StateMachine"), Id: "statemachine", RoleArn: getAtt("RuleRole.Arn") }],
    },
  };
}

export function ruleRole(): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("events.amazonaws.com"),
      Policies: [
        {
          PolicyName: "EventRulePolicy",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "states:StartExecution", Resource: ref("StateMachine") }],
          },
        },
      ],
    },
  };
}
