import { packageWorkloadCommand } from "../../package-workload-command.ts";

export const svcPackage = packageWorkloadCommand("svc", "api");
