/** A hash of the core's files, put in by the build: see vite.config.ts. */
declare const __CORE_VERSION__: string;
