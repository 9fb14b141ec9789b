// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "solady/src/tokens/ERC20.sol";
import {ERC4626} from "solady/src/tokens/ERC4626.sol";
import {ERC721} from "solady/src/tokens/ERC721.sol";

// Solady's contracts, and what the comparison needs to fill them: anyone may.

contract SoladyToken is ERC20 {
    function name() public pure override returns (string memory) {
        return "Twin";
    }

    function symbol() public pure override returns (string memory) {
        return "TWIN";
    }

    function give(address account, uint256 value) external {
        _mint(account, value);
    }

    function take(address account, uint256 value) external {
        _burn(account, value);
    }
}

contract SoladyVault is ERC4626 {
    address private immutable _asset;

    constructor(address asset_) {
        _asset = asset_;
    }

    function asset() public view override returns (address) {
        return _asset;
    }

    function name() public pure override returns (string memory) {
        return "Twin";
    }

    function symbol() public pure override returns (string memory) {
        return "TWIN";
    }

    function give(address account, uint256 value) external {
        _mint(account, value);
    }

    function take(address account, uint256 value) external {
        _burn(account, value);
    }
}

contract SoladyPositions is ERC721 {
    function name() public pure override returns (string memory) {
        return "Twin";
    }

    function symbol() public pure override returns (string memory) {
        return "TWIN";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function mint(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }

    function burn(uint256 tokenId) external {
        _burn(msg.sender, tokenId);
    }
}
