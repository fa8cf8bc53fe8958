import { UserError } from "../../errors.ts";

/** `local` runs at this speed unless told otherwise. */
const defaultSpeed = 10;

export function isSpeed(speed: number): boolean {
  return speed >= 1 && speed <= 1000;
}

/** @throws UserError usage/invalid-flag */
export function readSpeed(text: string | undefined): number {
  const speed = Number(text ?? defaultSpeed);
  if (isSpeed(speed)) return speed;
  throw badSpeed(String(text));
}

export function badSpeed(text: string): UserError {
  return new UserError("usage/invalid-flag", `${text} is no speed: give a number from 1 (as slow as AWS) to 1000`);
}
