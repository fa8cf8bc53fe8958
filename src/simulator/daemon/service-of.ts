import { shellWord, UserError } from "../../errors.ts";
import type { Deployment, Service, SimulatorState } from "../engine/state.ts";

/** @throws UserError service/not-found */
export function serviceOf(state: SimulatorState, serviceId: string): Service {
  const service = state.services[serviceId];
  if (service === undefined || service.status === "INACTIVE") {
    const [app, env, name = ""] = serviceId.split("/");
    throw new UserError("service/not-found", `${name} is not deployed in environment ${env} of application ${app}`, {
      hint: `pilotfish svc deploy -n ${shellWord(name)} -e ${env}${env === "local" ? "" : " --local"}`,
    });
  }
  return service;
}

export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find(({ status }) => status === "PRIMARY");
}
