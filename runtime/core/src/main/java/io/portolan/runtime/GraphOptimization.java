package io.portolan.runtime;

/**
 * The level to which ONNX Runtime optimizes a model before running it. Higher levels are faster; results may differ in
 * the last bits.
 */
public enum GraphOptimization {
    /** The graph runs node by node as in the file, which is useful for finding errors. */
    NONE,

    /** Constant folding and removal of redundant nodes. */
    BASIC,

    /** Also fusions of nodes. */
    EXTENDED,

    /** Also memory layouts chosen for this machine. */
    ALL
}
