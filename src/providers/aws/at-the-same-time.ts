/** Whoever asks the same while it is being asked hears the same answer, also a failure. What is asked later is asked anew.
 *  @param ask its arguments are told apart as JSON */
export function atTheSameTime<Args extends unknown[], Answer>(
  ask: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = ask(...args).finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };
}
