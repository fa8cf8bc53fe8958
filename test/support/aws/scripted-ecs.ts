import type { Service, ServiceDeploymentBrief, Task } from "@aws-sdk/client-ecs";
import type { AwsAnswer, Layer } from "./front.ts";

/** One moment of a service of ECS, in the shapes of the Amazon ECS API Reference (the SDK's types). */
export interface EcsMoment {
  service: Service;
  tasks?: Task[];
  serviceDeployments?: ServiceDeploymentBrief[];
}

/** Answers what is asked about services and tasks of ECS, since the emulator starts no tasks and ends no deployment: the
 *  first moment until DescribeServices has been answered, then the next one, and the last one from then on. What is asked
 *  of anything else is passed on. */
export function scriptedEcs(moments: readonly EcsMoment[]): Layer {
  let at = -1;
  return async ({ name, request }, pass) => {
    const asked = (): Record<string, unknown> => JSON.parse(request.body.toString()) as Record<string, unknown>;
    const moment = () => moments[Math.min(Math.max(at, 0), moments.length - 1)] as EcsMoment;
    switch (name) {
      case "ecs:DescribeServices":
        at += 1;
        return json({ services: [moment().service], failures: [] });
      case "ecs:ListTasks": {
        const { desiredStatus } = asked();
        const listed = (moment().tasks ?? []).filter((task) => task.desiredStatus === desiredStatus);
        return json({ taskArns: listed.map(({ taskArn }) => taskArn) });
      }
      case "ecs:DescribeTasks": {
        const arns = asked()["tasks"] as string[];
        return json({
          tasks: (moment().tasks ?? []).filter(({ taskArn = "" }) => arns.includes(taskArn)),
          failures: [],
        });
      }
      case "ecs:ListServiceDeployments":
        return json({ serviceDeployments: moment().serviceDeployments ?? [] });
      default:
        return pass();
    }
  };
}

/** As the AWS JSON protocol writes it: times are seconds. */
export function json(value: unknown, status = 200): AwsAnswer {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
    const own = this[key];
    return own instanceof Date ? own.getTime() / 1000 : each;
  });
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: Buffer.from(text) };
}

/** `{__type}` with its message, as the AWS JSON protocol reports an error. */
export function jsonError(type: string, message: string): AwsAnswer {
  return json({ __type: type, message }, 400);
}
