'use strict';
// escpos asks get-pixels to decode images. Regulars draws images itself (hardware/escpos), so a call is a bug.
module.exports = function getPixels() {
  throw new Error('get-pixels is replaced: give the printer a bitmap instead of a file name');
};
