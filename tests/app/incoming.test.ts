import { describe, expect, it } from 'vitest';
import { panelFor, sharedFragment } from '../../web/src/app/incoming.js';

describe('what is shared with the page', () => {
  it('is a text for its tokens', () => {
    expect(sharedFragment('?text=a+cat+%26+%23')).toBe('#/tokens?text=a+cat+%26+%23');
    expect(sharedFragment('?title=aua')).toBe('#/tokens?text=aua');
  });

  it('is a link of the page’s own where there is one, and nothing of its address', () => {
    const link = encodeURIComponent('see https://else.example/x/#/claim?v=1&c=AbC-_9 there');
    expect(sharedFragment(`?title=t&text=${link}`)).toBe('#/claim?v=1&c=AbC-_9');
  });

  it('may be nothing', () => {
    for (const search of ['', '?', '?text=', '?other=1']) expect(sharedFragment(search)).toBeNull();
  });
});

describe('a file that the page is opened with', () => {
  it.each([
    ['model.SafeTensors', 'similarity'],
    ['encoder.onnx', 'similarity'],
    ['tags.csv', 'tags'],
    ['disc.iso', 'digests'],
    ['csv', 'digests'],
  ])('%s goes to %s', (name, panel) => expect(panelFor(name)).toBe(panel));
});
