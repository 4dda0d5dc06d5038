/**
 * The configuration of a model, and how it is resolved from a checkpoint's arrays, the user's overrides and
 * configuration files, without guessing.
 */
package io.portolan.graphs.config;
