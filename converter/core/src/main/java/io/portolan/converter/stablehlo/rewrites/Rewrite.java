package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;

/** A change of a block that preserves its results. */
interface Rewrite {
    Block apply(Block block);
}
