/**
 * Attribution and inspection of models: which frames, pixels, gates and kernels a class's logit depends on, and the
 * values of a cell's gates, kernels and states. {@link io.portolan.graphs.attribution.ModelExplainer} is the entry
 * point. The definitions are in {@code docs/explain.md}.
 */
package io.portolan.graphs.attribution;
