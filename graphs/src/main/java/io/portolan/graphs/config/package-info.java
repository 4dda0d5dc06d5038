/**
 * What a model is, besides its weights: its configuration, and how that is found from arrays, words and descriptions without guessing.
 */
package io.portolan.graphs.config;
