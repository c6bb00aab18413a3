import "./elements/code-download.js";
import "./elements/copy-button.js";
import "./elements/flash-message.js";
import "./elements/local-time.js";
import "./elements/message-composer.js";
import "./elements/message-stream.js";
import "./elements/scroll-keeper.js";
