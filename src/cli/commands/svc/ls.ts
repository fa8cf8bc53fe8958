import { listWorkloadsCommand } from "../../list-workloads-command.ts";

export const svcLs = listWorkloadsCommand("svc");
