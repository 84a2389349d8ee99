/**
 * The page's side of working without a network (`offline/service-worker.ts`): it has the service
 * worker installed, and hears of a new version. What is open goes on with the version it began
 * with until its user asks for the new one.
 */
import { TAKE_OVER } from '../offline/take-over.js';

export class NewVersion {
  /** A version that was installed while this one is in use. */
  ready = $state(false);

  #registration: ServiceWorkerRegistration | null = null;
  #watching = false;

  /**
   * Has the service worker installed, or looks for a new one, once the browser has nothing
   * better to do. Where there are none (a page that is not served over HTTPS, a private window)
   * the page works with the network only.
   */
  watch(): void {
    if (this.#watching || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    this.#watching = true;
    const begin = () => void this.#register().catch(() => undefined);
    if ('requestIdleCallback' in window) requestIdleCallback(begin);
    else setTimeout(begin);
  }

  /** Loads the page anew in the version that is ready; its panels' states are in the address. */
  load(): void {
    const waiting = this.#registration?.waiting;
    if (waiting == null) {
      // Another window has asked for it already.
      location.reload();
      return;
    }
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
      once: true,
    });
    waiting.postMessage(TAKE_OVER);
  }

  async #register(): Promise<void> {
    const address = new URL('service-worker.js', document.baseURI);
    const registration = await navigator.serviceWorker.register(address, {
      updateViaCache: 'none',
    });
    this.#registration = registration;
    if (registration.waiting !== null) this.ready = true;
    const follow = () => {
      const { installing, active } = registration;
      // A first version takes its place unasked: nothing was there before it.
      if (installing === null || active === null) return;
      installing.addEventListener('statechange', () => {
        if (installing.state === 'installed') this.ready = true;
      });
    };
    follow();
    registration.addEventListener('updatefound', follow);
  }
}
