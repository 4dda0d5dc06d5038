/**
 * The value types of checkpoints: arrays, element types and inert records, and the exceptions and quotation that all
 * readers use. All other packages of this module depend on it.
 */
package io.portolan.checkpoints.values;
