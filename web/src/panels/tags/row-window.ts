/**
 * Which rows of a long table are drawn, and where: TanStack's virtualizer over a scale, since no
 * browser draws a box as tall as a million rows and more.
 */
import { elementScroll, observeElementRect, Virtualizer } from '@tanstack/virtual-core';

/** Firefox draws boxes up to 17.8 million pixels tall, Chromium up to 33.5. */
const MAX_HEIGHT_PX = 16_000_000;
const OVERSCAN_ROWS = 12;

export interface WindowedRow {
  /** Its place among the rows shown. */
  place: number;
  /** Pixels from the top of the box. */
  top: number;
}

export class RowWindow {
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #rowPx: number;
  readonly #changed: () => void;
  #rows = 0;
  #element: HTMLElement | null = null;
  #forget: () => void = () => undefined;

  /** `changed` is told whenever other rows are to be drawn. */
  constructor(rowPx: number, changed: () => void) {
    this.#rowPx = rowPx;
    this.#changed = changed;
    this.#virtualizer = new Virtualizer(this.#options());
  }

  /** The element that scrolls; gives back what to call when it is gone. */
  attach(element: HTMLElement): () => void {
    this.#element = element;
    this.#update();
    this.#forget = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    return () => {
      this.#forget();
      this.#element = null;
    };
  }

  set rows(rows: number) {
    this.#rows = rows;
    this.#update();
    this.#virtualizer.measure();
  }

  /** How tall the box with all rows is, in pixels. */
  get height(): number {
    return Math.min(this.#total, MAX_HEIGHT_PX);
  }

  /** The rows to draw now. */
  get window(): WindowedRow[] {
    const shift = this.#scrolled - (this.#element?.scrollTop ?? 0);
    return this.#virtualizer
      .getVirtualItems()
      .map(({ index, start }) => ({ place: index, top: Math.round(start - shift) }));
  }

  /** Scrolls as far as it takes to have the row in sight. */
  show(place: number): void {
    const element = this.#element;
    if (element === null) return;
    const top = place * this.#rowPx;
    const bottom = top + this.#rowPx - this.#seen;
    const scrolled = this.#scrolled;
    if (top < scrolled) element.scrollTop = top / this.#scale;
    else if (bottom > scrolled) element.scrollTop = bottom / this.#scale;
  }

  /** How far one page is, in rows. */
  get page(): number {
    return Math.max(1, Math.floor(this.#seen / this.#rowPx) - 1);
  }

  get #total(): number {
    return this.#rows * this.#rowPx;
  }

  // Pixels of rows in sight at once: the heading's row covers one.
  get #seen(): number {
    return Math.max(this.#rowPx, (this.#element?.clientHeight ?? 0) - this.#rowPx);
  }

  /** Pixels of all rows for one pixel of the box, so that both end at the same time. */
  get #scale(): number {
    if (this.#total <= MAX_HEIGHT_PX) return 1;
    return (this.#total - this.#seen) / (MAX_HEIGHT_PX - this.#seen);
  }

  // Scrolled pixels as if the box had its full height.
  get #scrolled(): number {
    return (this.#element?.scrollTop ?? 0) * this.#scale;
  }

  #update(): void {
    this.#virtualizer.setOptions(this.#options());
    this.#virtualizer._willUpdate();
  }

  #options(): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count: this.#rows,
      overscan: OVERSCAN_ROWS,
      estimateSize: () => this.#rowPx,
      getScrollElement: () => this.#element,
      observeElementRect,
      observeElementOffset: (_, tell) => {
        const element = this.#element;
        if (element === null) return;
        const scrolled = () => tell(this.#scrolled, false);
        element.addEventListener('scroll', scrolled, { passive: true });
        scrolled();
        return () => element.removeEventListener('scroll', scrolled);
      },
      scrollToFn: (offset, options, instance) =>
        elementScroll(offset / this.#scale, options, instance),
      onChange: this.#changed,
    };
  }
}
