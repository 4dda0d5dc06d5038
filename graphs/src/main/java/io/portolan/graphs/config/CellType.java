package io.portolan.graphs.config;

/** The kind of recurrent cell. */
public enum CellType implements Choice {
    TRANSFORMER,
    HGRU_BI,
    GATED
}
