/** One point in time of CloudWatch's metric math: numbers, `+ - * /`, comparisons, CEIL, FILL and IF. A metric without a
 *  sample is undefined, and so is what is computed of it, but for FILL. Source: CloudWatch, "Using metric math". */
export function metricMath(
  expression: string,
  metrics: Readonly<Record<string, number | undefined>>,
): number | undefined {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|[-+*/(),<>]/g) ?? [];
  let next = 0;
  const take = (wanted?: string): string => {
    const token = tokens[next];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new Error(`${expression}: ${wanted ?? "something"} is wanted, not ${String(token)}`);
    next += 1;
    return token;
  };

  const value = comparison();
  if (next < tokens.length) throw new Error(`${expression}: ${String(tokens[next])} is too much`);
  return value;

  function comparison(): number | undefined {
    return chain(sum, [">", "<", ">=", "<="]);
  }

  function sum(): number | undefined {
    return chain(product, ["+", "-"]);
  }

  function product(): number | undefined {
    return chain(operand, ["*", "/"]);
  }

  function chain(part: () => number | undefined, operators: readonly string[]): number | undefined {
    let left = part();
    while (operators.includes(tokens[next] ?? "")) {
      const operator = take();
      const right = part();
      left = left === undefined || right === undefined ? undefined : calculate(left, operator, right);
    }
    return left;
  }

  function operand(): number | undefined {
    const token = take();
    if (token === "(") {
      const inside = comparison();
      take(")");
      return inside;
    }
    if (/^\d/.test(token)) return Number(token);
    if (tokens[next] === "(") return called(token);
    if (!Object.hasOwn(metrics, token)) throw new Error(`${expression}: no metric has the id ${token}`);
    return metrics[token];
  }

  function called(name: string): number | undefined {
    take("(");
    const given = [comparison()];
    while (tokens[next] === ",") {
      take(",");
      given.push(comparison());
    }
    take(")");
    const [first, second, third] = given;
    if (name === "CEIL" && given.length === 1) return first === undefined ? undefined : Math.ceil(first);
    if (name === "FILL" && given.length === 2) return first ?? second;
    if (name === "IF" && given.length === 3) return first === undefined ? undefined : first === 0 ? third : second;
    throw new Error(`${expression}: ${name} of ${given.length} values is not known here`);
  }
}

function calculate(left: number, operator: string, right: number): number | undefined {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (operator === "/") return right === 0 ? undefined : left / right;
  if (operator === ">") return Number(left > right);
  if (operator === "<") return Number(left < right);
  return Number(operator === ">=" ? left >= right : left <= right);
}
