/** The fields of a JSON schema, one line each: name, default, what is allowed, description. */
export function describeFields(prefix: string, schema: unknown): string[] {
  const properties = (schema as { properties?: Record<string, Record<string, unknown>> }).properties ?? {};
  return Object.entries(properties).map(([name, field]) => {
    const allowed = Array.isArray(field.enum) ? field.enum.join(' | ') : String(field.type ?? '');
    return `  ${prefix}${name} = ${JSON.stringify(field.default)} (${allowed}) ${String(field.description ?? '')}`.trimEnd();
  });
}
