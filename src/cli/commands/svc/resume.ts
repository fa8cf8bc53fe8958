import { pauseCommand } from "../../pause-command.ts";

export const svcResume = pauseCommand("resume");
