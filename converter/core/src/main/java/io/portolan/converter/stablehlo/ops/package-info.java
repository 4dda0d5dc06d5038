/** The operations of StableHLO and CHLO that are lowered, in families; each defines its operations in one table. */
package io.portolan.converter.stablehlo.ops;
