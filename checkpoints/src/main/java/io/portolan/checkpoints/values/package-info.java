/**
 * What checkpoints consist of: arrays, element types, inert records, and the errors and quoted names that every reader uses. Below all other
 * packages of this module.
 */
package io.portolan.checkpoints.values;
