import { packageWorkloadCommand } from "../../package-workload-command.ts";

export const jobPackage = packageWorkloadCommand("job", "report");
