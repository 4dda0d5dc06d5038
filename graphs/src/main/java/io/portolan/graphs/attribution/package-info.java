/**
 * What a model looks at, and with what: which frames, pixels, gates and kernels a class's logit depends on, and what the
 * gates, kernels and states of its cells are. {@link io.portolan.graphs.attribution.ModelExplainer} is the way in. The
 * definitions are in {@code docs/explain.md}.
 */
package io.portolan.graphs.attribution;
