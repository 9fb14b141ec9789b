// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";
import {ERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

// OpenZeppelin's contracts, and what the comparison needs to fill them: anyone may.

contract OpenZeppelinToken is ERC20Permit {
    constructor() ERC20("Twin", "TWIN") ERC20Permit("Twin") {}

    function give(address account, uint256 value) external {
        _mint(account, value);
    }

    function take(address account, uint256 value) external {
        _burn(account, value);
    }
}

contract OpenZeppelinVault is ERC4626 {
    constructor(IERC20 asset) ERC20("Twin", "TWIN") ERC4626(asset) {}

    function give(address account, uint256 value) external {
        _mint(account, value);
    }

    function take(address account, uint256 value) external {
        _burn(account, value);
    }
}

contract OpenZeppelinPositions is ERC721 {
    constructor() ERC721("Twin", "TWIN") {}

    function mint(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }

    function burn(uint256 tokenId) external {
        _update(address(0), tokenId, msg.sender);
    }
}

contract OpenZeppelinRoles is AccessControlEnumerable {
    function begin(bytes32 role, address account) external {
        _grantRole(role, account);
    }
}
