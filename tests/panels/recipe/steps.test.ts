import { describe, expect, it } from 'vitest';
import {
  fieldValue,
  firstStep,
  inserted,
  moved,
  rawOf,
  removed,
  replaced,
  stepsOf,
  textOf,
  withArgument,
} from '../../../web/src/panels/recipe/steps.js';
import { CATALOG } from '../../../web/src/protocol/catalog.gen.js';
import type { MethodInfo, ParamInfo } from '../../../web/src/protocol/results.js';

const methods = CATALOG as unknown as MethodInfo[];
const method = (id: string) => methods.find((one) => one.id === id) as MethodInfo;
const param = (id: string, name: string) =>
  method(id).params.find((one) => one.name === name) as ParamInfo;

describe('the steps of a text', () => {
  it('are apart by bars, but not by those in quotes', () => {
    const source = ' rot n=42 |~xor key="a | \\" b" | hex';
    const steps = stepsOf(source);
    expect(steps.map(({ id, inverse }) => (inverse ? `~${id}` : id))).toEqual([
      'rot',
      '~xor',
      'hex',
    ]);
    expect(steps[1]?.args).toEqual([{ name: 'key', raw: '"a | \\" b"' }]);
    expect(steps.map(({ from, to }) => source.slice(from, to))).toEqual([
      'rot n=42',
      '~xor key="a | \\" b"',
      'hex',
    ]);
  });

  it('are read however wrong they are', () => {
    expect(stepsOf('')).toEqual([]);
    expect(stepsOf('  ')).toEqual([]);
    expect(stepsOf('rot |')).toHaveLength(2);
    expect(stepsOf('rot |')[1]?.id).toBe('');
    expect(stepsOf('rot 42 n=')[0]).toMatchObject({
      stray: ['42'],
      args: [{ name: 'n', raw: '' }],
    });
    expect(stepsOf('xor key="open | hex')).toHaveLength(1);
  });
});

describe('a change to one step', () => {
  const source = 'rot   n=1|  xor key="a|b"  | hex';

  it('leaves the text of the others', () => {
    expect(replaced(source, 1, 'lower')).toBe('rot   n=1|  lower  | hex');
    expect(replaced(source, 9, 'lower')).toBe(source);
  });

  it('puts in, takes out and moves', () => {
    expect(inserted(source, 1, 'upper')).toBe('rot   n=1 | upper | xor key="a|b" | hex');
    expect(inserted('', 0, 'upper')).toBe('upper');
    expect(removed(source, 0)).toBe('xor key="a|b" | hex');
    expect(removed('hex', 0)).toBe('');
    expect(moved(source, 2, 0)).toBe('hex | rot   n=1 | xor key="a|b"');
    expect(moved(source, 0, 2)).toBe('xor key="a|b" | hex | rot   n=1');
  });

  it('keeps the arguments in their order, and leaves out what is empty', () => {
    const [step] = stepsOf('affine a=5 b=8');
    if (step === undefined) throw new Error('no step');
    expect(withArgument(step, 'a', '7')).toBe('affine a=7 b=8');
    expect(withArgument(step, 'a', '')).toBe('affine b=8');
    expect(withArgument({ ...step, args: [] }, 'b', '3')).toBe('affine b=3');
    expect(textOf({ ...step, inverse: true })).toBe('~affine a=5 b=8');
  });
});

describe('a field', () => {
  it('shows and writes keys as text or as bytes', () => {
    const key = param('xor', 'key');
    expect(fieldValue(key, '"a \\"b\\""')).toEqual({ as: 'text', text: 'a "b"' });
    expect(fieldValue(key, 'pony')).toEqual({ as: 'text', text: 'pony' });
    expect(fieldValue(key, '0x6162')).toEqual({ as: 'bytes', text: '6162' });
    expect(fieldValue(key, '"0x61"')).toEqual({ as: 'text', text: '0x61' });
    expect(rawOf(key, { as: 'text', text: 'a | "b"\n🦄' })).toBe('"a | \\"b\\"\\n🦄"');
    expect(rawOf(key, { as: 'bytes', text: '61 62:63' })).toBe('0x616263');
  });

  it('never lets a number end its step', () => {
    const n = param('rot', 'n');
    expect(rawOf(n, { as: 'text', text: ' -3 ' })).toBe('-3');
    expect(rawOf(n, { as: 'text', text: '' })).toBe('');
    expect(stepsOf(`rot n=${rawOf(n, { as: 'text', text: '1 | hex' })}`)).toHaveLength(1);
  });
});

describe('a method’s first step', () => {
  it('has the arguments that the method cannot do without', () => {
    expect(firstStep(method('rot'))).toBe('rot');
    for (const one of methods) {
      const [step, ...more] = stepsOf(firstStep(one));
      expect(more).toEqual([]);
      expect(step?.id).toBe(one.id);
      const needed = one.params.filter(({ required }) => required).map(({ name }) => name);
      expect(step?.args.map(({ name }) => name)).toEqual(needed);
    }
  });
});
