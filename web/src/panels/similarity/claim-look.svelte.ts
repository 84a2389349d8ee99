/** A claim looked at in the open encoder: what it is called by, and what it says of the pairs. */
import type { EmbeddingEvidence, Encoder, Verified } from '../../engine/browser.js';
import type { ClaimSession } from '../claim/session.svelte.js';
import { Job } from '../common/job.svelte.js';
import type { SimilaritySession } from './session.svelte.js';

/** What is being looked at. */
interface Subject {
  encoder: Encoder | null;
  /** The claim and its verdict; null while it has none. */
  verified: Verified | null;
  /** The claim takes this encoder's name, where it has no other. */
  names: boolean;
}

export class ClaimLook {
  /** SHA-256 of the open encoder's file, once it is known. */
  digest: string | null = $state(null);
  /** With the nulls' cosines, for the charts. */
  evidence: EmbeddingEvidence | null = $state.raw(null);
  readonly job = new Job();

  readonly #claim: ClaimSession;
  readonly #similarity: SimilaritySession;
  #at = '';
  #encoder: Encoder | null = null;
  /** The digest that the claim has from here: an encoder that is opened later takes its place. */
  #named: string | null = null;

  constructor(claim: ClaimSession, similarity: SimilaritySession) {
    this.#claim = claim;
    this.#similarity = similarity;
  }

  /** To be told whatever of these changes. */
  follow({ encoder, verified, names }: Subject): void {
    if (encoder !== this.#encoder) {
      this.#encoder = encoder;
      this.#at = '';
      this.digest = null;
      this.evidence = null;
    }
    if (encoder === null || verified === null) {
      this.#at = '';
      this.job.cancel();
      return;
    }
    const at = `${verified.digest} ${names}`;
    if (at === this.#at) return;
    this.#at = at;
    void this.#look(encoder, verified, names);
  }

  /** Once more, after it was cancelled or has failed. */
  again(): void {
    const { verified, looksInEncoder } = this.#claim;
    this.#at = '';
    this.follow({ encoder: this.#encoder, verified, names: looksInEncoder });
  }

  /** The claim names the open encoder instead of another, or of none. */
  name(): void {
    if (this.digest === null) return;
    this.#named = this.digest;
    this.#claim.form.encoder = this.digest;
    this.#claim.edited('other', true);
  }

  /** The claim names none any more. */
  leave(): void {
    this.job.cancel();
    this.#claim.looksInEncoder = false;
    if (this.#claim.form.encoder === '') return;
    this.#claim.form.encoder = '';
    this.#claim.edited('other', true);
  }

  async #look(encoder: Encoder, verified: Verified, names: boolean): Promise<void> {
    const { claim } = verified;
    await this.job.run('Encoding', 'encoder', async (signal, report) => {
      const engine = await this.#similarity.engine;
      const digest = await engine.encoderDigest(encoder, {
        signal,
        onProgress: ({ bytes, total }) =>
          report(bytes, total, 'Digesting the file, by which the claim names it'),
      });
      if (signal.aborted) return;
      this.digest = digest;
      const isOpen = claim.encoder === null ? names : claim.encoder === this.#named;
      if (isOpen && claim.encoder !== digest) this.name();
      if (claim.encoder !== digest) {
        this.evidence = null;
        return;
      }
      const evidence = await engine.embedding(encoder, claim, {
        values: true,
        signal,
        onProgress: ({ texts, total }) => report(texts, total, 'Encoding texts to compare with'),
      });
      if (signal.aborted || this.#claim.verified?.digest !== verified.digest) return;
      this.evidence = evidence;
      // The copies of the verdict hold it too.
      this.#claim.verified = {
        ...this.#claim.verified,
        evidence: [...verified.evidence, withoutValues(evidence)],
      };
    });
  }
}

/** The evidence as it stands in a document: without what is only drawn. */
export function withoutValues(evidence: EmbeddingEvidence): EmbeddingEvidence {
  const bare = <T extends EmbeddingEvidence['pairs'][number]['with_name']>(one: T): T => ({
    ...one,
    nulls: one.nulls.map(({ values: _, texts: __, ...rest }) => rest),
  });
  return {
    ...evidence,
    pairs: evidence.pairs.map((pair) => ({
      ...pair,
      with_name: bare(pair.with_name),
      with_empty: bare(pair.with_empty),
    })),
  };
}
