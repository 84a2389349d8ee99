/** A hash of the core's files, put in by the build: see vite.config.ts. */
declare const __CORE_VERSION__: string;
/** Where public encoders are fetched from instead, put in by the build. */
declare const __MIRROR__: string | null;
/** Where public encoders may be fetched from, put in by the build. */
declare const __ORIGINS__: string[];
