import "./elements/copy-button.js";
import "./elements/flash-message.js";
import "./elements/local-time.js";
import "./elements/message-composer.js";
import "./elements/message-stream.js";
import "./elements/scroll-keeper.js";
import "./elements/search-field.js";
import "./elements/search-results.js";
