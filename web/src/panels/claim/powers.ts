/** Numbers as the page sets them: a mantissa and a power of ten where they are small. */

export interface Power {
  mantissa: string;
  /** With a real minus sign; null where the number is written out. */
  exponent: string | null;
  /** The whole in plain text. */
  plain: string;
}

/** To three significant digits; below 0.001 as a power of ten. */
export function powerOfTen(value: number): Power {
  if (value === 0 || value >= 0.001) {
    const mantissa = String(Number(value.toPrecision(3)));
    return { mantissa, exponent: null, plain: mantissa };
  }
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  const short = String(Number(mantissa));
  const shown = short === '1' ? '' : short;
  return {
    mantissa: shown,
    exponent: exponent.replace('-', '−'),
    plain: `${shown === '' ? '' : `${shown} × `}10^${exponent}`,
  };
}
