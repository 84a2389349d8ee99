"""Writes a trained encoder as the .onnx file that ships.

    python3 models/builtin/export.py build/builtin/run/model.pt [models/builtin/encoder.onnx]

The graph is written by export.mjs with the project's own writer; size and digest go into
models/manifest.json. Writes besides what the tests compare with: a few texts' embeddings by
this code (tests/vectors/builtin/embeddings.json).
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

from data import Corpus
from model import MEANS, PLACES, STEPS
from stored import Stored

HERE = Path(__file__).parent
VECTORS = HERE / "../../tests/vectors/builtin/embeddings.json"
# Texts that WordNet has, so that their tokens are at hand.
SHOWN = ["dog", "violin", "physician", "quickly", "hot dog", "in a rapid manner"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=HERE / "encoder.onnx")
    parser.add_argument("--data", type=Path, default=Path("build/builtin/data.npz"))
    options = parser.parse_args()
    encoder = Stored(options.model)
    shape = encoder.shape
    # The start token stands in place 0, and no place changes its weight.
    places = torch.zeros(PLACES + 1, PLACES + 1, len(MEANS))
    places[:, 1:] = encoder.places
    arrays = {
        "table": encoder.packed(),
        # Half as exact as they look: WebGPU's Gather knows no half precision, and the bits
        # that are zero cost nothing on the wire.
        "weights": encoder.weights.float().numpy(),
        "places": places.reshape(-1, len(MEANS)).numpy(),
    }
    for name, (matrix, step, bias) in encoder.network.items():
        # [in, out], as MatMul multiplies.
        arrays[f"{name}.matrix"] = np.ascontiguousarray(matrix.T.numpy())
        arrays[f"{name}.step"] = step.flatten().numpy().astype(np.float32)
        arrays[f"{name}.bias"] = bias.numpy().astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        listed = {}
        for name, array in arrays.items():
            array.tofile(Path(folder) / name)
            listed[name] = {"type": array.dtype.name, "shape": list(array.shape)}
        described = {
            "bits": shape.bits,
            "step": STEPS[shape.bits],
            "places": PLACES,
            "parts": shape.parts(),
            "means": MEANS,
            "shares": [1 - shape.share, shape.share],
            "arrays": listed,
        }
        (Path(folder) / "model.json").write_text(json.dumps(described))
        command = ["node", HERE / "export.mjs", folder, options.out, HERE / "../manifest.json"]
        subprocess.run(command, check=True)

    corpus = Corpus(options.data, "cpu")
    numbers = {str(text): i for i, text in enumerate(corpus.texts)}
    texts = [text for text in SHOWN if text in numbers]
    with torch.no_grad():
        rows = encoder.encode_all(corpus, torch.tensor([numbers[text] for text in texts]))
    VECTORS.parent.mkdir(parents=True, exist_ok=True)
    vectors = {
        "source": "models/builtin/export.py (PyTorch)",
        "texts": [
            {"text": text, "embedding": [round(x, 6) for x in row]}
            for text, row in zip(texts, rows.tolist())
        ],
    }
    VECTORS.write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
